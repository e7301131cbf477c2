/** A cookie's value as the browser sent it, undecoded: ours need none, and this is done for each request. */
export function cookieIn(header: string | undefined, name: string): string | undefined {
  const found = header?.split('; ', 50).find((cookie) => cookie.startsWith(`${name}=`))
  return found?.slice(name.length + 1)
}
