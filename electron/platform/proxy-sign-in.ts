import type { Keychain } from './ports'

/** Who somebody is at a proxy. */
export interface SignIn {
  readonly username: string
  readonly password: string
}

/** Who the person is at proxies that want to know. A proxy is named by its address, such as `http://proxy.example.com:3128`. */
export interface ProxySignIns {
  /** What is kept for it and has not been refused. */
  of(proxy: string): Promise<SignIn | undefined>
  /** It does not take what is kept: that is offered no more in this run. */
  refused(proxy: string): void
  /** Keeps another; rejects where the keychain does not take it. */
  keep(proxy: string, signIn: SignIn): Promise<void>
}

const keyOf = (proxy: string): string => `proxy:${proxy}`

/** @param hideSecret blanks a secret out of the log from the moment it is known */
export function createProxySignIns(deps: {
  readonly keychain: Pick<Keychain, 'get' | 'set'>
  readonly hideSecret: (secret: string) => void
}): ProxySignIns {
  const { keychain, hideSecret } = deps
  const refusedBy = new Set<string>()
  const hide = ({ username, password }: SignIn): void => {
    hideSecret(password)
    hideSecret(Buffer.from(`${username}:${password}`, 'utf8').toString('base64'))
  }
  return {
    async of(proxy) {
      if (refusedBy.has(proxy)) return undefined
      // A keychain that is locked now may be open for the next call.
      const kept = await keychain.get(keyOf(proxy)).catch(() => undefined)
      const signIn = kept === undefined ? undefined : readSignIn(kept)
      if (signIn !== undefined) hide(signIn)
      return signIn
    },
    refused: (proxy) => void refusedBy.add(proxy),
    async keep(proxy, signIn) {
      hide(signIn)
      await keychain.set(keyOf(proxy), JSON.stringify(signIn))
      refusedBy.delete(proxy)
    },
  }
}

/** For whoever has no sign-in at any proxy. */
export const noSignIns: ProxySignIns = {
  of: async () => undefined,
  refused: () => {},
  keep: async () => {},
}

function readSignIn(text: string): SignIn | undefined {
  try {
    const { username, password } = JSON.parse(text)
    return typeof username === 'string' && typeof password === 'string' ? { username, password } : undefined
  } catch {
    return undefined
  }
}
