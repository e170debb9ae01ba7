import { callExamples, searchNames, userStates } from '../../../shared/query/names'
import type { SearchExample } from '../../ui/SearchWithWays'
import { firstExamples, historyExamples, signs } from '../../ui/searchWords'

/** Everything that can be written into a search box. */
export function SearchHelp() {
  return (
    <div className="help-text">
      <h3>Users: to begin with</h3>
      <Examples examples={firstExamples} />
      <h3>Users: words and signs</h3>
      <Examples examples={signs} />
      <h3>Users: names of fields</h3>
      <p className="quiet">Every other field is known by its label, too, without blanks: hiraganalastname:</p>
      <Examples examples={searchNames.map(({ name, label }) => ({ text: `${name}:`, finds: label }))} />
      <h3>Users: what happens to their calls</h3>
      <p className="quiet">
        Found once it was read: the list says of how many users it is known and offers to read the rest.
      </p>
      <Examples examples={callExamples} />
      <p className="quiet">
        A number is inside when it is as long as an extension of the user’s group, or is an extension, a
        number or an address of a loaded user of the enterprise, or a mailbox (*55). Numbers of hunt groups
        and auto attendants are not known here and count as outside.
      </p>
      <h3>Users: states</h3>
      <p>
        {userStates.map((state) => (
          <code key={state}>is:{state} </code>
        ))}
      </p>
      <h3>History</h3>
      <Examples examples={historyExamples} />
    </div>
  )
}

function Examples({ examples }: { examples: readonly SearchExample[] }) {
  return (
    <table className="help-examples selectable">
      <tbody>
        {examples.map(({ text, finds }) => (
          <tr key={text}>
            <th scope="row">
              <code>{text}</code>
            </th>
            <td>{finds}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
