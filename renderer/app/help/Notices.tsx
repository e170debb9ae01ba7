import { useEffect, useState } from 'react'
import { ask, gungnir, type Refused, refusal } from '../../kernel/bridge'
import { closeOverlay, openOverlay } from '../../kernel/overlays'
import { Button } from '../../ui/Button'
import { Dialog } from '../../ui/Dialog'
import { Refusal } from '../../ui/Refusal'

/** Whose work is in the app, and under which licences. */
export function Notices() {
  const [text, setText] = useState('Reading…')
  const [error, setError] = useState<Refused>()
  useEffect(() => {
    ask(gungnir.app.notices()).then(setText, (failed) => setError(refusal(failed)))
  }, [])
  return (
    <Dialog
      open
      large
      title="Third-party notices"
      onClose={closeOverlay}
      footer={<Button onPress={() => openOverlay('about')}>Back</Button>}
    >
      {error ? (
        <Refusal error={error} />
      ) : (
        // A scrolled text must be reached by the keyboard.
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls
        <section tabIndex={0} aria-label="Third-party notices">
          <pre className="about selectable">{text}</pre>
        </section>
      )}
    </Dialog>
  )
}
