/** An address of a proxy, with its port and without a name and password: those are asked for, and kept in the keychain. */
export const proxyAddress = /^(http|https|socks5):\/\/(\[[0-9a-f:.]+\]|[a-z0-9.-]+):\d{1,5}\/?$/i

export const proxyExample = 'Such as http://proxy.example.com:3128 or socks5://proxy.example.com:1080.'

/** The way that a person chose for a server: none, or this one. Whoever has chosen nothing goes the system's way. */
export const isProxyChoice = (text: string): boolean => text === 'none' || proxyAddress.test(text)
