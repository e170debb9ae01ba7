import { describe, expect, test } from 'vitest'
import { createSecretClipboard } from '../../../../electron/shell/secret-clipboard'

function setUp() {
  let text = ''
  const clipboard = {
    readText: async () => text,
    writeText: (next: string): void | Promise<void> => {
      text = next
    },
    clear: () => {
      text = ''
    },
  }
  const timers = new Set<() => void>()
  const after = (_ms: number, run: () => void) => {
    timers.add(run)
    return () => void timers.delete(run)
  }
  const elapse = () => {
    for (const run of [...timers]) {
      timers.delete(run)
      run()
    }
  }
  return { clipboard, elapse, timers, secrets: createSecretClipboard({ clipboard, clock: { after } }) }
}

describe('a secret on the clipboard', () => {
  test('that could not be copied is told', async () => {
    const { clipboard, secrets } = setUp()
    clipboard.writeText = async () => {
      throw new Error('denied')
    }
    await expect(secrets.copy('Sommer-4711')).rejects.toThrow('denied')
  })

  test('is taken off after a while, and when the app quits', async () => {
    const { clipboard, elapse, secrets, timers } = setUp()
    await secrets.copy('Sommer-4711')
    expect(await clipboard.readText()).toBe('Sommer-4711')
    elapse()
    await clipboard.readText()
    expect(await clipboard.readText()).toBe('')
    await secrets.copy('Winter-4711')
    await secrets.clear()
    expect(await clipboard.readText()).toBe('')
    expect(timers.size).toBe(0)
  })

  test('gives way to what was copied since, which stays', async () => {
    const { clipboard, elapse, secrets, timers } = setUp()
    await secrets.copy('Sommer-4711')
    await secrets.copy('Herbst-4711')
    expect(timers.size).toBe(1)
    clipboard.writeText('a letter')
    elapse()
    await secrets.clear()
    expect(await clipboard.readText()).toBe('a letter')
  })
})
