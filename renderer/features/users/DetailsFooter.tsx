import { Button } from '../../ui/Button'
import { Refusal } from '../../ui/Refusal'
import { dropUser, useDraft, useDrafts } from './draftStore'
import { forgetSaveError, saveAll, unsavedWords, useSaving } from './saving'

/** Save and Discard. Save takes every unsaved edit along, also those in other users, and says how many. */
export function DetailsFooter({ userId }: { userId: string }) {
  const drafts = useDrafts()
  const draft = useDraft(userId)
  const { busy, error } = useSaving()
  return (
    <footer className="details-foot">
      {error && drafts.size > 0 && <Refusal error={error} />}
      <div className="details-actions">
        <span className="grow small quiet">{drafts.size > 0 && unsavedWords(drafts)}</span>
        <Button
          isDisabled={!draft || busy}
          onPress={() => {
            forgetSaveError()
            dropUser(userId)
          }}
        >
          Discard
        </Button>
        <Button look="primary" isDisabled={drafts.size === 0 || busy} onPress={() => void saveAll()}>
          Save
        </Button>
      </div>
    </footer>
  )
}
