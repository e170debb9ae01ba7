import { describe, expect, it } from 'vitest'
import type { DemoServer } from '../../../electron/demo/server'
import { ANA, BJORN, CINCINNATI, PASSWORD, sendBytes, start, type Thing } from './support'

/** What Python's requests library puts on the wire, byte for byte, for the calls of odins_spear. */
function python(server: DemoServer) {
  const { host } = new URL(server.baseUrl)
  let authorization = ''
  const send = async (method: string, target: string, body?: string) => {
    const head = [
      `${method} /api/v2${target} HTTP/1.1`,
      `Host: ${host}`,
      'User-Agent: python-requests/2.28.1',
      'Accept-Encoding: gzip, deflate',
      'Accept: */*',
      'Connection: keep-alive',
      `Authorization: ${authorization}`,
      'Content-Type: application/json',
      ...(body === undefined ? [] : [`Content-Length: ${Buffer.byteLength(body)}`]),
    ]
    const answer = await sendBytes(server, `${head.join('\r\n')}\r\n\r\n${body ?? ''}`)
    // Both clients call response.json() on every success.
    return { status: answer.status, json: JSON.parse(answer.body) }
  }
  return {
    send,
    async authenticate() {
      const { status, json } = await send(
        'POST',
        '/auth/token',
        `{"username": "admin", "password": "${PASSWORD}"}`,
      )
      authorization = `Bearer ${json.token}`
      return status
    },
    async refresh(body?: string) {
      const { status, json } = await send('PUT', '/auth/token', body)
      authorization = `Bearer ${json.token}`
      return status
    },
  }
}

const ids = (rows: readonly Thing[]) => rows.map((row) => row.userId)

for (const manner of ['plain', 'awkward'] as const) {
  /** 1.x pastes parameters into the path unencoded and sends `{}` with every call that has no data. */
  describe(`odins_spear 1.x against the ${manner} server`, () => {
    const get = async (server: DemoServer, target: string) => {
      const client = python(server)
      await client.authenticate()
      const { status, json } = await client.send('GET', target, '{}')
      expect(status).toBe(200)
      return json
    }

    it('authenticates, reads its session and refreshes it', async () => {
      const client = python(await start({ manner }))
      expect(await client.authenticate()).toBe(200)
      const session = await client.send('GET', '/auth/session', '{}')
      expect(session.json).toMatchObject({ userId: 'admin', loginType: 'System', isSystemAdmin: true })
      expect(await client.refresh('{}')).toBe(200)
      expect((await client.send('GET', '/auth/session', '{}')).status).toBe(200)
    })

    it('lists service providers, groups and one group', async () => {
      const server = await start({ manner })
      expect(await get(server, '/service-providers')).toHaveLength(3)
      const groups = await get(server, '/groups?serviceProviderId=ent.aurora')
      expect(groups).toContainEqual(expect.objectContaining({ groupId: 'cincinnati' }))
      const group = await get(server, `/groups?${CINCINNATI}`)
      expect(group).toMatchObject({ groupId: 'cincinnati', userCount: expect.any(Number) })
    })

    it('lists users with every filter and wildcard form', async () => {
      const server = await start({ manner })
      const list = async (query: string) => ids(await get(server, `/users?${query}`))
      const all = await list(CINCINNATI)
      expect(all.length).toBe(500)
      const forms = {
        'lastName=Nowak': BJORN,
        'lastName=nowa*': BJORN,
        'lastName=*owa*': BJORN,
        'firstName=Ana': ANA,
        'firstName=bj%C3%B6*': BJORN,
        'dn=5135551234': ANA,
        'dn=513555123*': ANA,
        'dn=*551235*': BJORN,
        'emailAddress=ana.odegard@aurora.example': ANA,
        'emailAddress=*odegard*': ANA,
        'userId=*odegard.1234*': ANA,
        'userId=ana.odegard*': ANA,
        'extension=1234': ANA,
        'extension=123*': BJORN,
        'extension=*235*': BJORN,
      }
      for (const [filter, expected] of Object.entries(forms)) {
        const found = await list(`${CINCINNATI}&${filter}`)
        expect(found, filter).toContain(expected)
        expect(found.length, filter).toBeLessThan(all.length)
      }
    })

    it('finds by the bare hardware address of a phone', async () => {
      const server = await start({ manner })
      const rows: Thing[] = await get(server, `/users?${CINCINNATI}&extended=True`)
      const deviceOf = (row: Thing) => (row.accessDeviceEndpoint as { accessDevice?: Thing }).accessDevice
      const phone = rows.find((row) => deviceOf(row)?.macAddress)
      const mac = String(phone && deviceOf(phone)?.macAddress).padStart(12, '0')
      expect(ids(await get(server, `/users?macAddress=${mac}`))).toContain(phone?.userId)
    })

    it('asks with `/users?`, a stray ampersand, a limit and Python’s True', async () => {
      const server = await start({ manner })
      expect(await get(server, '/users?&limit=10')).toHaveLength(10)
      expect(await get(server, '/users?')).toHaveLength(2000)
      const rows: Thing[] = await get(server, `/users?${CINCINNATI}&lastName=*o*&limit=10&extended=True`)
      expect(rows).toHaveLength(10)
      for (const row of rows) expect(row).toHaveProperty('callingLineIdLastName')
    })

    it('reads one user by an id that is not URL-encoded', async () => {
      const server = await start({ manner })
      const user = await get(server, `/users?userId=${ANA}`)
      expect(user).toMatchObject({ userId: ANA, firstName: 'Ana', lastName: 'Ødegård' })
    })

    it('writes with put.user, ids as text or as lists of one', async () => {
      const server = await start({ manner })
      const client = python(server)
      await client.authenticate()
      const plain = await client.send(
        'PUT',
        '/users',
        `{"lastName": "\\u00d8deg\\u00e5rd-Vik", "serviceProviderId": "ent.aurora", "groupId": "cincinnati", "userId": "${ANA}"}`,
      )
      expect(plain.status).toBe(200)
      expect(server.truth.user(ANA)?.lastName).toBe('Ødegård-Vik')
      const listed = await client.send(
        'PUT',
        '/users',
        `{"title": "Nurse", "serviceProviderId": ["ent.aurora"], "groupId": ["cincinnati"], "userId": ["${ANA}"]}`,
      )
      expect(listed.status).toBe(200)
      expect(server.truth.user(ANA)?.title).toBe('Nurse')
    })

    it('writes with put.users_bulk and gets an echo', async () => {
      const server = await start({ manner })
      const client = python(server)
      await client.authenticate()
      const body = `{"users": [{"userId": "${ANA}"}, {"userId": "${BJORN}"}], "data": {"callingLineIdPhoneNumber": "+15135551234"}}`
      const { status, json } = await client.send('PUT', '/users/bulk', body)
      expect(status).toBe(200)
      expect(json).toEqual(JSON.parse(body))
      for (const id of [ANA, BJORN]) {
        expect(server.truth.user(id)?.callingLineIdPhoneNumber).toBe('+15135551234')
      }
    })

    it('switches do not disturb with put.user_do_not_disturb and reads it', async () => {
      const server = await start({ manner })
      const client = python(server)
      await client.authenticate()
      const put = (ringSplash: boolean) =>
        client.send(
          'PUT',
          '/users/do-not-disturb',
          `{"isActive": true, "ringSplash": ${ringSplash}, "userId": "${ANA}"}`,
        )
      expect((await put(true)).status).toBe(200)
      // The method sends false for what it is not told: it silently ends a ring splash.
      const { status, json } = await put(false)
      expect({ status, json }).toEqual({
        status: 200,
        json: { isActive: true, ringSplash: false, userId: ANA },
      })
      expect(await get(server, `/users/do-not-disturb?userId=${ANA}`)).toEqual(json)
      expect(server.truth.service(ANA, 'Do Not Disturb')).toEqual({ isActive: true, ringSplash: false })
    })

    it('gives its exception the three keys it reads from every error', async () => {
      const client = python(await start({ manner }))
      await client.authenticate()
      const { status, json } = await client.send('GET', '/users?userId=nobody@nowhere', '{}')
      expect(status).toBe(404)
      expect(json).toEqual({
        status: 404,
        error: '[Error 4008] User not found: nobody@nowhere',
        details: expect.any(String),
      })
    })
  })

  /** 2.x encodes parameters with urlencode and sends no body where it has no data. */
  describe(`odins_spear 2.x against the ${manner} server`, () => {
    it('makes the same calls from their new places', async () => {
      const server = await start({ manner })
      const client = python(server)
      expect(await client.authenticate()).toBe(200)
      expect((await client.send('GET', '/auth/session')).json).toMatchObject({ userId: 'admin' })
      expect(await client.refresh()).toBe(200)
      expect((await client.send('GET', '/service-providers')).json).toHaveLength(3)
      expect((await client.send('GET', '/groups?serviceProviderId=ent.aurora')).status).toBe(200)
      expect((await client.send('GET', `/groups?${CINCINNATI}`)).json).toMatchObject({
        groupId: 'cincinnati',
      })
      const filtered = await client.send(
        'GET',
        '/users?serviceProviderId=ent.aurora&groupId=cincinnati&lastName=%2Anowak%2A&limit=10&extended=True',
      )
      expect(ids(filtered.json)).toContain(BJORN)
      const one = await client.send('GET', `/users?userId=${encodeURIComponent(ANA)}`)
      expect(one.json).toMatchObject({ userId: ANA })
      const put = await client.send(
        'PUT',
        '/users',
        `{"title": "Chief", "serviceProviderId": "ent.aurora", "groupId": "cincinnati", "userId": "${ANA}"}`,
      )
      expect(put.status).toBe(200)
      const bulk = await client.send(
        'PUT',
        '/users/bulk',
        `{"users": [{"userId": "${BJORN}"}], "data": {"title": "Chief"}}`,
      )
      expect(bulk.status).toBe(200)
      expect(server.truth.user(ANA)?.title).toBe('Chief')
      expect(server.truth.user(BJORN)?.title).toBe('Chief')
      const passcode = await client.send(
        'PUT',
        '/users/portal-passcode',
        `{"userId": "${ANA}", "newPasscode": "927461"}`,
      )
      expect(passcode).toEqual({ status: 200, json: [] })
    })

    it('reads services of a user and of a group, and settings', async () => {
      const server = await start({ manner })
      const client = python(server)
      await client.authenticate()
      const userId = encodeURIComponent(ANA)
      const dnd = await client.send('GET', `/users/do-not-disturb?userId=${userId}`)
      expect(dnd.json).toEqual({ isActive: false, ringSplash: false, userId: ANA })
      const assigned = await client.send('GET', `/users/services/assigned?userId=${userId}`)
      expect(assigned.json.userServices.length).toBeGreaterThan(12)
      const settings = await client.send(
        'PUT',
        '/users/services/settings',
        `{"userId": "${ANA}", "Do Not Disturb": {"isActive": true}}`,
      )
      expect(settings.json['Do Not Disturb']).toEqual({ isActive: true, ringSplash: false })
      const group = await client.send('GET', `/users/call-forwarding-always/bulk?${CINCINNATI}`)
      expect(group.json).toHaveLength(500)
    })

    it('reads ids that need encoding', async () => {
      const server = await start({ manner, users: 25_000 })
      const client = python(server)
      await client.authenticate()
      const group = await client.send(
        'GET',
        '/groups?serviceProviderId=sp.fjord&groupId=R%26D+%2B+Lab+%232%2F3',
      )
      expect(group.json).toMatchObject({ groupId: 'R&D + Lab #2/3' })
    })
  })
}
