import { describe, expect, it } from 'vitest'
import { signIn, start, type Thing } from './support'

describe('users with whom something goes wrong on purpose', () => {
  const found = async (options: { lessons?: boolean }) => {
    const admin = await signIn(await start(options))
    const { json } = await admin.get(`/users?lastName=${encodeURIComponent('*(try me*')}`)
    const people = (Array.isArray(json) ? json : []) as Thing[]
    return {
      admin,
      people,
      named: (kind: string) => people.find((each) => String(each.lastName).includes(kind)),
    }
  }

  it('are three, found by their names, and only when asked for', async () => {
    const { people } = await found({ lessons: true })
    expect(people.map(({ lastName }) => String(lastName).replace(/^.*\(/, '(')).sort()).toEqual([
      '(try me: busy)',
      '(try me: conflict)',
      '(try me: refused)',
    ])
    expect((await found({})).people).toEqual([])
  })

  it('one has another title after each read, as if a colleague changed it', async () => {
    const { admin, named } = await found({ lessons: true })
    const read = async () => (await admin.get(`/users?userId=${named('conflict')?.userId}`)).json.title
    await read()
    const [one, two] = [await read(), await read()]
    expect(one).toContain('colleague')
    expect(two).not.toBe(one)
  })

  it('one refuses every change, and one takes the third', async () => {
    const { admin, named } = await found({ lessons: true })
    const put = async (kind: string) =>
      (await admin.put('/users', { userId: named(kind)?.userId, title: 'Nurse' })).status
    expect([await put('refused'), await put('refused')]).toEqual([400, 400])
    expect([await put('busy'), await put('busy'), await put('busy')]).toEqual([503, 503, 200])
  })
})
