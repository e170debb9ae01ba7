/** How long an id may be, in UTF-16 units: several times what BroadWorks allows. */
export const longestId = { serviceProviderId: 200, groupId: 200, userId: 400 } as const

/**
 * Whether an id that a server sent can be kept, asked for and shown. One that is longer, or holds U+0000 or half of a surrogate
 * pair, comes back from a database or a URL as another id, which may be somebody else's.
 */
export const isUsableId = (kind: keyof typeof longestId, id: string): boolean =>
  id.length <= longestId[kind] && !id.includes('\0') && !/\p{Surrogate}/u.test(id)

/** {@link isUsableId} of each id that a user is known by. */
export const isUsableKey = (key: { readonly [K in keyof typeof longestId]: string }): boolean =>
  (Object.keys(longestId) as (keyof typeof longestId)[]).every((kind) => isUsableId(kind, key[kind]))

/** A user id as it is compared: the server tells no letter case apart. It is shown and sent as it is spelt. */
export const foldedId = (userId: string): string => userId.toLowerCase()

export const sameUserId = (a: string, b: string): boolean => foldedId(a) === foldedId(b)
