import { completionsFor } from '../../../../shared/query/names'
import { openOverlay } from '../../../kernel/overlays'
import { SearchWithWays } from '../../../ui/SearchWithWays'
import { firstExamples } from '../../../ui/searchWords'
import { enterSearch } from '../finding'
import { setSearch, usersGrid, useUsers } from '../store'

const searchId = 'users-search'

export function focusSearch(): void {
  const box = document.getElementById(searchId)
  if (box instanceof HTMLInputElement) {
    box.focus()
    box.select()
  }
}

/** Finds users as one types. */
export function SearchUsers() {
  const search = useUsers((state) => state.query.search)
  return (
    <SearchWithWays
      id={searchId}
      label="Search users"
      value={search}
      onChange={setSearch}
      onLeave={(key) => {
        if (key === 'Enter') void enterSearch()
        else usersGrid.current?.goTo(0)
      }}
      completions={completionsFor}
      examples={firstExamples}
      onHelp={() => openOverlay('search-help')}
      shortcuts="/ Control+F"
    />
  )
}
