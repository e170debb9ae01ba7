import { Bookmark, Ellipsis, Plus } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { Form } from 'react-aria-components'
import { useOffer } from '../../../kernel/commands'
import { usePage } from '../../../kernel/pages'
import { useStatus } from '../../../kernel/status'
import { Button, IconButton } from '../../../ui/Button'
import { Dialog } from '../../../ui/Dialog'
import { TextField } from '../../../ui/Field'
import { MenuButton } from '../../../ui/MenuButton'
import { useUsers } from '../store'
import {
  deleteView,
  nameView,
  openView,
  replaceView,
  saveName,
  stopNaming,
  useNaming,
  useViews,
} from './store'
import { isShown, nameProblem, type SavedView, viewsFor } from './views'

/** The lists of users that a person gave a name to, in the side bar. */
export function SavedViews() {
  const connectionId = useStatus(({ status }) => status?.connectionId)
  const views = viewsFor(useViews(), connectionId)
  const query = useUsers((state) => state.query)
  const onUsers = usePage(({ page }) => page === 'users')
  const naming = useNaming((state) => state.open)
  useOffer('views', [
    { id: 'save-view', name: 'Save this list as a view…', unlisted: !connectionId, run: () => nameView() },
    ...views.map((view) => ({
      id: `view ${view.id}`,
      name: `View: ${view.name}`,
      run: () => openView(view),
    })),
  ])
  if (connectionId === undefined) return null
  return (
    <section className="views" aria-labelledby="views-heading">
      <header className="views-head">
        <h2 id="views-heading" className="grow small quiet">
          Saved views
        </h2>
        <IconButton icon={Plus} name="Save view…" onPress={() => nameView()} />
      </header>
      {views.length === 0 ? (
        <p className="small quiet views-empty">Search, sort and choose columns, then keep the list here.</p>
      ) : (
        <ul className="views-list">
          {views.map((view) => (
            <View key={view.id} view={view} current={onUsers && isShown(view, query)} />
          ))}
        </ul>
      )}
      {naming && <NameDialog key={naming.view?.id ?? ''} view={naming.view} />}
    </section>
  )
}

function View({ view, current }: { readonly view: SavedView; readonly current: boolean }) {
  return (
    <li className="view">
      <button
        type="button"
        className="nav-link grow"
        aria-current={current || undefined}
        title={view.name}
        onClick={() => openView(view)}
      >
        <Bookmark size={16} aria-hidden />
        <span className="view-name">{view.name}</span>
      </button>
      <MenuButton
        icon={Ellipsis}
        name={`More about ${view.name}`}
        choices={[
          { id: 'replace', label: 'Show the present list', run: () => replaceView(view) },
          { id: 'rename', label: 'Rename…', run: () => nameView(view) },
          { id: 'delete', label: 'Delete…', run: () => void deleteView(view) },
        ]}
      />
    </li>
  )
}

function NameDialog({ view }: { readonly view: SavedView | undefined }) {
  const views = useViews()
  const [name, setName] = useState(view?.name ?? '')
  const [tried, setTried] = useState(false)
  const problem = nameProblem(views, name, view?.id)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (problem === undefined) saveName(name, view)
  }
  return (
    <Dialog open title={view === undefined ? 'Save view' : 'Rename view'} onClose={stopNaming}>
      <Form className="form" onSubmit={submit}>
        <TextField
          label="Name"
          autoFocus
          value={name}
          onChange={setName}
          problem={tried || name.trim() !== '' ? problem : undefined}
          description={
            view === undefined
              ? 'Keeps the search, the provider and group, the order and the columns.'
              : undefined
          }
        />
        <div className="form-actions">
          <Button onPress={stopNaming}>Cancel</Button>
          <Button type="submit" look="primary">
            {view === undefined ? 'Save' : 'Rename'}
          </Button>
        </div>
      </Form>
    </Dialog>
  )
}
