import { nameAndId } from '../../../../shared/user/value'
import { Button } from '../../../ui/Button'
import { confirm } from '../../../ui/confirm'
import { Refusal } from '../../../ui/Refusal'
import { whom } from '../../../ui/words'
import { useDetailsLayout } from '../details/detailsLayout'
import { useUsers } from '../store'
import { changeDrafts, useDrafts } from './draftStore'
import { noDrafts } from './drafts'
import { saveAll, unsavedWords, useSaving } from './saving'

/** Says what is not saved in users other than the one whose details are shown, so that none is forgotten. */
export function UnsavedBar() {
  const drafts = useDrafts()
  const { open } = useDetailsLayout()
  const current = useUsers((state) => state.current?.userId)
  const { busy, error } = useSaving()
  const elsewhere = [...drafts.keys()].some((id) => !open || id !== current)
  if (!elsewhere) return null
  const discard = async () => {
    const yes = await confirm({
      title: 'Discard all unsaved edits?',
      text: `${whom([...drafts.values()].map(({ name, key }) => nameAndId(name, key.userId)))}: ${unsavedWords(drafts)} would be put back to what is saved. This cannot be undone.`,
      action: 'Discard all',
    })
    if (yes) changeDrafts(() => noDrafts)
  }
  return (
    <div className="unsaved">
      {error && !open && <Refusal error={error} />}
      <div className="unsaved-bar">
        <span className="grow" role="status">
          {unsavedWords(drafts)}
        </span>
        <Button look="quiet" onPress={() => void discard()}>
          Discard all
        </Button>
        <Button look="primary" isPending={busy} onPress={() => void saveAll()}>
          Save all
        </Button>
      </div>
    </div>
  )
}
