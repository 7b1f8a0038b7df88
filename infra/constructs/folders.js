// The address of a sample's page is a folder's, of which S3 knows nothing: what is meant is the index.html in it.
function withIndex(request) {
  if (request.uri.startsWith("/samples/")) {
    request.uri = request.uri.replace(/\/?$/, "/index.html");
  }
  return request;
}
