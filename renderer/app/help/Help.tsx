import { closeOverlay, useOverlay } from '../../kernel/overlays'
import { Dialog } from '../../ui/Dialog'
import { About } from './About'
import { Guide } from './Guide'
import { Notices } from './Notices'
import { Report } from './Report'
import { SearchHelp } from './SearchHelp'
import { Updates } from './Updates'

/** The app's own help, without any network. */
export function Help() {
  const open = useOverlay((state) => state.open)
  switch (open) {
    case 'guide':
      return (
        <Dialog open large title="Guide" onClose={closeOverlay}>
          <Guide />
        </Dialog>
      )
    case 'search-help':
      return (
        <Dialog open wide title="Search language" onClose={closeOverlay}>
          <SearchHelp />
        </Dialog>
      )
    case 'report':
      return <Report />
    case 'about':
      return <About />
    case 'updates':
      return <Updates />
    case 'notices':
      return <Notices />
    default:
      return null
  }
}
