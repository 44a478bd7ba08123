/** Path of a request without its query. */
export function pathOf(request: { readonly url: string }): string {
  const end = request.url.indexOf('?');
  return end === -1 ? request.url : request.url.slice(0, end);
}
