// What stands where there is no door: lets everybody in.
function handler(event) {
  return withIndex(event.request);
}
