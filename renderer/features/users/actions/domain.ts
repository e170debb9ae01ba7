/** What stands behind the last @ of a user id; undefined where there is none. */
export function domainOf(userId: string): string | undefined {
  const at = userId.lastIndexOf('@')
  return at === -1 ? undefined : userId.slice(at + 1).trim()
}

/** Hosts are told apart without their case. */
export const sameDomain = (a: string, b: string | undefined): boolean => a.toLowerCase() === b?.toLowerCase()

/** The id at this domain: what stands before the @ stays as it is typed. */
export function withDomain(userId: string, domain: string): string {
  const at = userId.lastIndexOf('@')
  return `${at === -1 ? userId.trim() : userId.slice(0, at)}@${domain}`
}
