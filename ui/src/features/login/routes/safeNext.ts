/** Where to go after the login: only ever a page of this site, whatever a link says. */
export function safeNext(next: string | undefined): string {
  return next !== undefined && /^\/(?![/\\])/.test(next) && !next.startsWith("/login") ? next : "/";
}
