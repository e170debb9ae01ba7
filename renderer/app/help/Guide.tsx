import { type ReactNode, useState } from 'react'
import editedDark from '../../../build/screenshots/edited-dark.png'
import editedLight from '../../../build/screenshots/edited-light.png'
import firstRunDark from '../../../build/screenshots/first-run-dark.png'
import firstRunLight from '../../../build/screenshots/first-run-light.png'
import historyDark from '../../../build/screenshots/history-dark.png'
import historyLight from '../../../build/screenshots/history-light.png'
import outboxDark from '../../../build/screenshots/outbox-dark.png'
import outboxLight from '../../../build/screenshots/outbox-light.png'
import usersDark from '../../../build/screenshots/users-dark.png'
import usersLight from '../../../build/screenshots/users-light.png'
import { clearWord } from '../../../shared/user/cell'
import { useTheme } from '../../kernel/theme'
import { commandKey } from '../../ui/keyboard'
import { useMedia } from '../../ui/useMedia'

/** A picture of the app in the theme that is on. `npm run pictures` makes them anew. */
function Picture({ light, dark, alt }: { light: string; dark: string; alt: string }) {
  const theme = useTheme()
  const system = useMedia('(prefers-color-scheme: dark)')
  const isDark = theme === 'dark' || (theme === 'system' && system)
  return <img className="guide-picture" src={isDark ? dark : light} alt={alt} />
}

const chapters: readonly { readonly title: string; readonly text: () => ReactNode }[] = [
  {
    title: 'What Gungnir does',
    text: () => (
      <>
        <p>
          Your phone system, BroadWorks, keeps a record of every person who has a phone: name, extension,
          number, address, device and about eighty more options. Gungnir shows these records in a list, finds
          any of them while you type, and lets you change them in place.
        </p>
        <p>
          It talks to BroadWorks through a service called ODiN. You need three things from whoever looks after
          it: the <strong>address</strong> of the service, your <strong>user name</strong> and your{' '}
          <strong>password</strong>. What you may see and change is decided there.
        </p>
        <p>
          Everything you do is kept on this computer first and sent then, so nothing is lost when the network
          goes. Gungnir talks to no other server than the one you name.
        </p>
      </>
    ),
  },
  {
    title: 'Getting in',
    text: () => (
      <>
        <Picture light={firstRunLight} dark={firstRunDark} alt="The first screen, with two buttons" />
        <ol>
          <li>
            To look around first, choose <strong>Try the demo server</strong>. It runs on this computer with
            made-up people, and nothing you do there reaches anybody.
          </li>
          <li>
            For your own system choose <strong>Connect to your server</strong>. Type the address as you were
            given it, such as <code>odin.example.com</code>; the rest of it is filled in. Type user name and
            password and choose <strong>Connect</strong>.
          </li>
          <li>
            <strong>Test connection</strong> only tries it out and signs out again. The password is kept in
            the keychain of your system, never in a file.
          </li>
        </ol>
        <p>
          With several servers, the name in the bar at the bottom leads to the others. Give the one that
          matters a <strong>Colour</strong>, so that you always see where you are, and switch{' '}
          <strong>Read-only</strong> on where nothing is to be changed from here; the password of your account
          stays as well.
        </p>
        <p>
          Exported connections take Read-only and the choice of a proxy with them, and no password; an import
          shows what would come in before it is kept.
        </p>
        <p>
          Where you may see several groups, you are asked once <strong>What to load</strong>: everything, some
          providers and groups, or nothing. Connections has it for later. A proxy is chosen there as well.
        </p>
      </>
    ),
  },
  {
    title: 'Finding people',
    text: () => (
      <>
        <Picture
          light={usersLight}
          dark={usersDark}
          alt="The list of users with the details of one beside it"
        />
        <p>
          Type into the search box: part of a name, a number, an extension. Several words narrow the search. A
          field name with a colon looks in that field only, such as <code>dept:sales</code>. Help has the
          whole search language.
        </p>
        <p>
          Who is not in the list, because not everything was loaded, is asked for with{' '}
          <strong>Find on the server</strong> under the box, or with Enter when nobody here matches.
        </p>
        <p>
          Click a heading to sort by it, <strong>Columns</strong> to choose what you see, and the plus beside{' '}
          <strong>Saved views</strong> to keep what you arranged.
        </p>
        <p>
          A dot, or <em>Not read yet</em>, means that the field has not been asked for. It does not mean that
          it is empty.
        </p>
      </>
    ),
  },
  {
    title: 'Changing something',
    text: () => (
      <>
        <Picture
          light={editedLight}
          dark={editedDark}
          alt="A changed cell, with its old value in the details"
        />
        <p>
          Choose a person. Change a field in the panel on the right, or press F2 on a cell of the list. What
          you changed is marked and stays on this computer until you choose <strong>Save</strong>, which saves
          what you changed of this person, or <strong>Save all</strong> ({commandKey}S), which saves
          everything. Until then <strong>Discard</strong> or {commandKey}Z takes it back.
        </p>
        <p>
          Save sends the change, reads the record again and says <em>on the server</em> only when the server
          really has it. Had somebody else changed the same field meanwhile, nothing is overwritten: you are
          asked which value is to stay.
        </p>
        <p>
          In the list a changed cell is yellow until you save it, blue while it waits to be sent, and red when
          it cannot go on without you: point at it to read why.
        </p>
        <p>
          <strong>Calls</strong>, beside the profile, says what happens to a call to this person now, and has
          do not disturb, the forwardings and voice mail to change. Everybody whose calls are forwarded out of
          the company is behind <strong>Forwarded outside</strong> among the saved views.
        </p>
        <p>
          For many people at once, tick their rows and choose <strong>Edit selected…</strong>. You see every
          old and new value before anything is saved. <strong>Copy options from…</strong> there, and among the
          actions of a person, takes over what you tick from somebody else. <strong>Export sheet…</strong>,
          among those actions too, writes everything that is known of a person as a page to read and to print.
          A spreadsheet can be brought in with <strong>Import CSV…</strong>, line by line in the same way; a
          blank cell changes nothing, and <code>{clearWord}</code> clears the field.
        </p>
      </>
    ),
  },
  {
    title: 'Without a network',
    text: () => (
      <>
        <Picture light={outboxLight} dark={outboxDark} alt="The outbox with changes that wait" />
        <p>
          You can go on working. What you save waits in the <strong>Outbox</strong> and goes out by itself
          when the server can be reached again, also after a restart. <strong>Work offline</strong>, at the
          bottom right, holds everything back until you switch it off.
        </p>
        <p>
          Before you drive out, choose a group and <strong>Take offline</strong>, so that all of its options
          and what happens to its calls are on this computer.
        </p>
        <p>
          The number beside Outbox counts what waits. In red it means that at least one change needs you: the
          server refused it, or somebody else changed the same field. Its field says why, with{' '}
          <strong>Change</strong>, <strong>Put back</strong> or <strong>Resolve…</strong>.
        </p>
      </>
    ),
  },
  {
    title: 'Who changed what',
    text: () => (
      <>
        <Picture light={historyLight} dark={historyDark} alt="The history of changes" />
        <p>
          <strong>History</strong> keeps every change that was sent from this computer, with what was before
          and after, when, by whom and for which reason. Tick changes and choose <strong>Revert…</strong> to
          put the old values back. That is a plan first: what somebody has changed since is left alone.
        </p>
        <p>
          <strong>File, Back up everything…</strong> writes all of it into one file that only your passphrase
          opens.
        </p>
      </>
    ),
  },
  {
    title: 'Words',
    text: () => (
      <dl className="guide-words">
        <dt>API</dt>
        <dd>A way for programs to talk to a server. ODiN is the one of BroadWorks that Gungnir uses.</dd>
        <dt>Service provider, group</dt>
        <dd>How BroadWorks sorts people: a provider has groups, often one for each site.</dd>
        <dt>User ID</dt>
        <dd>The name that is unique to one person. Two people may have the same name, never the same ID.</dd>
        <dt>Extension</dt>
        <dd>The short number inside a group.</dd>
        <dt>Phone number, DN</dt>
        <dd>The number by which the world calls.</dd>
        <dt>Calling line ID</dt>
        <dd>Name and number that the called person sees.</dd>
        <dt>Conflict</dt>
        <dd>You and somebody else changed the same field. That field is not sent until you decide.</dd>
        <dt>Outcome unknown</dt>
        <dd>
          The answer got lost on the way. Gungnir looks what the server has before it does anything else.
        </dd>
      </dl>
    ),
  },
  {
    title: 'When something is wrong',
    text: () => (
      <>
        <p>
          The bar at the bottom always says which server, as whom, and whether it can be reached. What was
          said there before is behind the speech bubbles.
        </p>
        <p>
          <strong>Help, Report a problem…</strong> collects the version, the last crash and the end of the
          log, shows you all of it and lets you save it as a zip. It sends nothing and holds no passwords.
        </p>
      </>
    ),
  },
]

/** How to work with Gungnir, for a person who has never seen an API. */
export function Guide() {
  const [at, setAt] = useState(0)
  const chapter = chapters[at] ?? chapters[0]
  return (
    <div className="guide">
      <nav aria-label="Chapters">
        <ol className="guide-chapters">
          {chapters.map(({ title }, index) => (
            <li key={title}>
              <button
                type="button"
                className="guide-chapter"
                aria-current={index === at ? 'page' : undefined}
                onClick={() => setAt(index)}
              >
                {title}
              </button>
            </li>
          ))}
        </ol>
      </nav>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached from the keyboard. */}
      <article key={at} className="help-text selectable" tabIndex={0}>
        <h3>{chapter?.title}</h3>
        {chapter?.text()}
      </article>
    </div>
  )
}
