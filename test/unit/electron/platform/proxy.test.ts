import { describe, expect, it } from 'vitest'
import { proxyFor } from '../../../../electron/platform/proxy'

const server = 'https://odin.example.com/'
const system = async () => 'PROXY system.example:8080'

describe('the way to a server', () => {
  it.each([
    [undefined, 'PROXY system.example:8080'],
    ['none', 'DIRECT'],
    ['http://proxy.example.com:3128', 'PROXY proxy.example.com:3128'],
    ['https://proxy.example.com', 'HTTPS proxy.example.com:443'],
    ['socks5://[::1]:1080', 'SOCKS5 [::1]:1080'],
    ['gopher://proxy.example.com', 'NOT-KNOWN'],
  ])('is the one chosen for it: %s', async (chosen, way) => {
    expect(await proxyFor('system', false, system)(server, chosen)).toBe(way)
  })

  it('is what the organisation has set, whatever is chosen', async () => {
    const way = (policy: string, url = server) =>
      proxyFor(policy, true, system)(url, 'socks5://mine.example:1080')
    expect(await way('http://theirs.example:3128')).toBe('PROXY theirs.example:3128')
    expect(await way('none')).toBe('DIRECT')
    expect(await way('system')).toBe('PROXY system.example:8080')
    expect(await way('unusable')).toBe('NOT-KNOWN')
    expect(await way('http://theirs.example:3128', 'http://127.0.0.1:8080/')).toBe('DIRECT')
  })

  it('to a server on this computer never leaves it: what is said there may be unencrypted', async () => {
    const way = (chosen: string) => proxyFor('system', false, system)('http://127.0.0.1:8080/', chosen)
    expect(await way('socks5://a.example:1080')).toBe('DIRECT')
    expect(await way('socks5://127.0.0.1:1080')).toBe('SOCKS5 127.0.0.1:1080')
  })
})
