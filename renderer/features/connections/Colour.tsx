import { useId } from 'react'
import { colourNames, colours, useColours, useSetColour } from './colours'

/** Which colour the window wears while this server is in use. */
export function Colour({ id }: { id: string }) {
  const label = useId()
  const colour = useColours()(id)
  const setColour = useSetColour()
  return (
    <div className="field">
      <label className="label" htmlFor={label}>
        Colour
      </label>
      <select
        id={label}
        className="input"
        value={colour ?? ''}
        onChange={(event) =>
          setColour(
            id,
            colours.find((each) => each === event.target.value),
          )
        }
      >
        <option value="">None</option>
        {colours.map((each) => (
          <option key={each} value={each}>
            {colourNames[each]}
          </option>
        ))}
      </select>
      <span className="hint">A stripe over the status bar while this server is in use.</span>
    </div>
  )
}
