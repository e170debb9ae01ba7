// Loaded into the main process before the app: long waits end 600 times sooner, so that an hour passes in seconds. Once the
// window is there a person types; after the hour the app quits, or with IDLE_HOUR=call makes a call first.
const { createSocket } = require('node:dgram')
const { app } = require('electron')

const faster = 600
const hourMs = 3_600_000
const longMs = 30_000
for (const name of ['setTimeout', 'setInterval']) {
  const real = globalThis[name]
  globalThis[name] = (run, ms = 0, ...rest) => real(run, ms >= longMs ? ms / faster : ms, ...rest)
}

app.on('browser-window-created', (_, window) => {
  window.webContents.once('did-finish-load', () => {
    for (const key of 'a wrod that is mispelled') {
      window.webContents.sendInputEvent({ type: 'char', keyCode: key })
    }
    setTimeout(async () => {
      if (process.env.IDLE_HOUR === 'call') {
        const socket = createSocket('udp4')
        await new Promise((resolve) => socket.send('hello', 9, '192.0.2.7', resolve))
        socket.close()
      }
      process.stdout.write('an hour has passed\n')
      app.quit()
    }, hourMs)
  })
})
