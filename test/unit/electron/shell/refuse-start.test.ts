import { expect, it } from 'vitest'
import { refuseStart } from '../../../../electron/shell/refuse-start'

it('says why to a terminal and in a dialog as soon as there can be one, and then ends with 1', async () => {
  const happened: string[] = []
  let ready = () => {}
  refuseStart(
    {
      app: {
        whenReady: () =>
          new Promise((resolve) => {
            ready = resolve
          }),
        exit: (code) => void happened.push(`ended with ${code}`),
      },
      dialog: { showErrorBox: (title, text) => void happened.push(`dialog: ${title}: ${text}`) },
      say: (line) => void happened.push(`terminal: ${line}`),
    },
    'Because.',
  )
  expect(happened).toEqual([])
  ready()
  await expect
    .poll(() => happened)
    .toEqual([
      'terminal: Gungnir could not start: Because.',
      'dialog: Gungnir could not start: Because.',
      'ended with 1',
    ])
})
