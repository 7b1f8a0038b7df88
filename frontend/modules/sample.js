// On a sample's own page, which is for previews of its link: goes on to the page that compares, with what the link says.

const id = location.pathname.split("/").at(-2);
const look = location.hash.slice(1);
location.replace(`/#sample=${id}${look && `&${look}`}`);
