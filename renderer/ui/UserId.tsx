/** Letters at the end of a name that tell people of one name apart. */
const kept = 5

/**
 * A user id in a narrow place: its domain gives way first, and then the middle of what stands before the `@`. Many people have
 * the same name, and what tells them apart is how it ends.
 */
export function UserId({ id }: { id: string }) {
  const sign = id.lastIndexOf('@')
  const name = sign < 0 ? id : id.slice(0, sign)
  const cut = Math.max(0, name.length - kept)
  return (
    <>
      <span className="user-id" dir="ltr" aria-hidden>
        <span className="user-id-start">{name.slice(0, cut)}</span>
        <span className="user-id-end">{name.slice(cut)}</span>
        {sign >= 0 && <span className="user-id-domain">{id.slice(sign)}</span>}
      </span>
      <span className="hidden-text">{id}</span>
    </>
  )
}
