import { describe, expect, it } from 'vitest'
import { bridgeOver } from '../../../../electron/ipc/page'
import type { GungnirBridge } from '../../../../shared/ipc/bridge'
import { channels, eventNames } from '../../../../shared/ipc/channels'
import { contract, events } from '../../../../shared/ipc/contract'

type Listener = (event: unknown, payload: unknown) => void

function fakeIpc() {
  const invoked: unknown[][] = []
  const listening = new Map<string, Set<Listener>>()
  return {
    invoked,
    listening,
    send: (channel: string, payload: unknown) => {
      for (const listener of listening.get(channel) ?? []) listener({ sender: 'secret' }, payload)
    },
    invoke: async (...args: unknown[]) => {
      invoked.push(args)
      return { ok: true, value: 7 }
    },
    on: (channel: string, listener: Listener) => {
      listening.set(channel, (listening.get(channel) ?? new Set()).add(listener))
    },
    off: (channel: string, listener: Listener) => {
      listening.get(channel)?.delete(listener)
    },
  }
}

describe('the names that the preload knows', () => {
  it('are those of the contract, no more and no fewer', () => {
    expect([...channels].sort()).toEqual(Object.keys(contract).sort())
    expect([...eventNames].sort()).toEqual(Object.keys(events).sort())
    expect(new Set(channels).size).toBe(channels.length)
  })
})

describe('window.gungnir', () => {
  it('has one function per channel, which asks exactly that channel and passes one argument', async () => {
    const ipc = fakeIpc()
    const bridge = bridgeOver(ipc) as unknown as Record<
      string,
      Record<string, (...args: unknown[]) => unknown>
    >
    for (const channel of channels) {
      const [feature = '', name = ''] = channel.split('.')
      await bridge[feature]?.[name]?.({ asked: channel }, 'smuggled')
      expect(ipc.invoked.pop()).toEqual([channel, { asked: channel }])
    }
    expect(Object.values(bridge).flatMap((part) => Object.keys(part))).toHaveLength(
      channels.length + eventNames.length,
    )
  })

  it('hands a subscriber the payload without Electron’s event, until it unsubscribes', () => {
    const ipc = fakeIpc()
    const bridge: GungnirBridge = bridgeOver(ipc)
    const seen: unknown[][] = []
    const stop = bridge.events.usersChanged((...args) => seen.push(args))
    ipc.send('users.changed', { generation: 1 })
    stop()
    ipc.send('users.changed', { generation: 2 })
    expect(seen).toEqual([[{ generation: 1 }]])
    expect(ipc.listening.get('users.changed')?.size).toBe(0)
  })
})
