import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  contentSecurityPolicy,
  isOurPage,
  type PageAnswer,
  registerAppScheme,
  serveRenderer,
} from '../../../../electron/shell/protocol'

let top: string
let serve: (request: { method: string; url: string }) => Promise<PageAnswer>
beforeAll(() => {
  top = mkdtempSync(join(tmpdir(), 'gungnir-page-'))
  mkdirSync(join(top, 'renderer', 'assets'), { recursive: true })
  mkdirSync(join(top, 'renderer-other'))
  writeFileSync(join(top, 'renderer', 'index.html'), '<title>Gungnir</title>')
  writeFileSync(join(top, 'renderer', 'assets', 'main-a1.js'), 'run()')
  writeFileSync(join(top, 'renderer', 'assets', 'notes.txt'), 'not part of a build')
  writeFileSync(join(top, 'renderer', '.hidden.js'), 'hidden')
  writeFileSync(join(top, 'secret.js'), 'secret')
  writeFileSync(join(top, 'renderer-other', 'secret.js'), 'secret')
  serve = serveRenderer(join(top, 'renderer'))
})
afterAll(() => rmSync(top, { recursive: true, force: true }))

const ask = (url: string, method = 'GET') => serve({ url, method })

describe('app://', () => {
  it('is a standard, secure scheme without the power to fetch or to bypass the policy', () => {
    const seen: { scheme: string; privileges: Record<string, boolean> }[] = []
    registerAppScheme({ registerSchemesAsPrivileged: (schemes) => seen.push(...schemes) })
    expect(seen).toEqual([{ scheme: 'app', privileges: { standard: true, secure: true, codeCache: true } }])
  })

  it('serves the page and its parts with their types', async () => {
    const page = await ask('app://gungnir/')
    expect(page).toMatchObject({ statusCode: 200, mimeType: 'text/html', charset: 'utf-8' })
    expect(page.data.toString()).toContain('Gungnir')
    const script = await ask('app://gungnir/assets/main-a1.js?v=1#x')
    expect(script).toMatchObject({ statusCode: 200, mimeType: 'text/javascript', charset: 'utf-8' })
    expect(script.data.toString()).toBe('run()')
  })

  it.each([
    'app://gungnir/../secret.js',
    'app://gungnir/%2e%2e/secret.js',
    'app://gungnir/..%2fsecret.js',
    'app://gungnir/assets/..%2f..%2fsecret.js',
    'app://gungnir/%2e%2e%2frenderer-other%2fsecret.js',
    'app://gungnir/..%5csecret.js',
    'app://gungnir/assets%5c..%5c..%5csecret.js',
    'app://gungnir/c:/secret.js',
    'app://gungnir//etc/passwd',
    'app://gungnir/%2fetc%2fpasswd',
    'app://gungnir/index.html%00.js',
    'app://gungnir/%',
    'app://gungnir/.hidden.js',
    'app://gungnir/assets/notes.txt',
    'app://gungnir/assets',
    'app://gungnir/missing.js',
    'app://other/index.html',
    'https://gungnir/index.html',
    'not a url',
  ])('does not serve %s', async (url) => {
    const answer = await ask(url)
    expect(answer.statusCode).toBe(404)
    expect(answer.data).toHaveLength(0)
  })

  it('only reads', async () => {
    expect((await ask('app://gungnir/', 'POST')).statusCode).toBe(405)
  })

  it('sends the policy and its companions with every answer', async () => {
    for (const url of ['app://gungnir/', 'app://gungnir/missing.js']) {
      const { headers } = await ask(url)
      expect(headers).toMatchObject({
        'Content-Security-Policy': contentSecurityPolicy,
        'X-Content-Type-Options': 'nosniff',
        'Referrer-Policy': 'no-referrer',
      })
    }
  })
})

describe('the content security policy', () => {
  const directives = new Map(
    contentSecurityPolicy.split('; ').map((directive) => {
      const [name = '', ...values] = directive.split(' ')
      return [name, values]
    }),
  )

  it('lets the page reach nothing', () => {
    for (const name of ['default-src', 'connect-src', 'frame-ancestors', 'base-uri', 'form-action']) {
      expect(directives.get(name)).toEqual(["'none'"])
    }
    for (const name of ['script-src', 'style-src', 'font-src'])
      expect(directives.get(name)).toEqual(["'self'"])
    expect(contentSecurityPolicy).not.toMatch(/unsafe|\*|https?:|blob:/)
  })
})

it('our page is told from pages that look like it', () => {
  for (const url of ['app://gungnir/', 'app://gungnir/index.html?x#y']) {
    expect(isOurPage(url)).toBe(true)
  }
  for (const url of [
    'app://gungnir.evil/',
    'app://gungnir:1/',
    'https://gungnir/',
    'app:gungnir',
    'app://',
    '',
  ]) {
    expect(isOurPage(url)).toBe(false)
  }
})
