import { Button } from '../../../ui/Button'
import { Refusal } from '../../../ui/Refusal'
import { counted } from '../../../ui/words'
import { dropUser, useDraft, useDrafts } from '../drafts/draftStore'
import { forgetSaveError, saveUser, useSaving } from '../drafts/saving'

/** Save and Discard, both of this user alone: the bar below the list has those of everybody. */
export function DetailsFooter({ userId }: { userId: string }) {
  const drafts = useDrafts()
  const draft = useDraft(userId)
  const { busy, error } = useSaving()
  return (
    <footer className="details-foot">
      {error && drafts.size > 0 && <Refusal error={error} />}
      <div className="details-actions">
        <span className="grow small quiet">
          {draft && counted(Object.keys(draft.edits).length, 'unsaved edit')}
        </span>
        <Button
          isDisabled={!draft || busy}
          onPress={() => {
            forgetSaveError()
            dropUser(userId)
          }}
        >
          Discard
        </Button>
        <Button look="primary" isDisabled={!draft} isPending={busy} onPress={() => void saveUser(userId)}>
          Save
        </Button>
      </div>
    </footer>
  )
}
