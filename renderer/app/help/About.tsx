import { useEffect, useState } from 'react'
import { ask, gungnir } from '../../kernel/bridge'
import { say, sayError } from '../../kernel/messages'
import { closeOverlay, openOverlay } from '../../kernel/overlays'
import { usePolicy } from '../../kernel/policy'
import { Button } from '../../ui/Button'
import { copyText } from '../../ui/clipboard'
import { Dialog } from '../../ui/Dialog'

/** Which Gungnir this is, to be copied into a question. */
export function About() {
  const [words, setWords] = useState('')
  const { settings } = usePolicy(({ policy }) => policy)
  useEffect(() => {
    ask(gungnir.app.info()).then(
      ({ version, platform, electron }) =>
        setWords(`Gungnir ${version}\nPlatform ${platform}\nElectron ${electron}`),
      sayError,
    )
  }, [])
  return (
    <Dialog
      open
      title="About Gungnir"
      onClose={closeOverlay}
      footer={
        <>
          <Button onPress={() => openOverlay('notices')}>Third-party notices</Button>
          <Button
            onPress={() => {
              say(copyText(words) ? 'Copied.' : 'This computer did not allow copying.')
            }}
          >
            Copy
          </Button>
        </>
      }
    >
      <pre className="about selectable">{words}</pre>
      <p className="quiet">For the people who look after BroadWorks phone users through the ODiN API.</p>
      {settings.length > 0 && (
        <section aria-label="Set by your organisation">
          <h3>Set by your organisation</h3>
          <ul className="about-policy selectable">
            {settings.map(({ key, words: what, by }, at) => (
              <li key={key}>
                {what}
                {/* Said once for what stands in one place. */}
                {by !== settings[at + 1]?.by && <span className="small quiet about-by">{by}</span>}
              </li>
            ))}
          </ul>
        </section>
      )}
    </Dialog>
  )
}
