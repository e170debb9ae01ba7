import { create } from 'zustand'
import { Button } from './Button'
import { Dialog } from './Dialog'

interface Question {
  readonly title: string
  readonly text: string
  /** The verb on the button that goes ahead. */
  readonly action: string
}

interface Asking {
  readonly question: (Question & { readonly answer: (yes: boolean) => void }) | undefined
}

const useAsking = create<Asking>(() => ({ question: undefined }))

/** Asks before something that cannot be undone. */
export function confirm(question: Question): Promise<boolean> {
  useAsking.getState().question?.answer(false)
  return new Promise((resolve) => {
    const answer = (yes: boolean) => {
      useAsking.setState({ question: undefined })
      resolve(yes)
    }
    useAsking.setState({ question: { ...question, answer } })
  })
}

/** Stands once in the app and shows the question that `confirm` asks. */
export function ConfirmDialog() {
  const question = useAsking((state) => state.question)
  return (
    <Dialog
      question
      open={question !== undefined}
      title={question?.title ?? ''}
      onClose={() => question?.answer(false)}
      footer={
        <>
          <Button autoFocus onPress={() => question?.answer(false)}>
            Cancel
          </Button>
          <Button look="danger" onPress={() => question?.answer(true)}>
            {question?.action ?? ''}
          </Button>
        </>
      }
    >
      <p>{question?.text}</p>
    </Dialog>
  )
}
