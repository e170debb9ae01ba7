// Whether the registry signed what is packed: npm's own check, before installers for people are made.
import { npmSays } from '../npm.mjs'
import { top } from '../run.mjs'

/** @throws when a package is not what its registry signed. Where that cannot be asked, it is said and no more. */
export function checkSignatures() {
  const { refused, told } = judged(npmSays(['audit', 'signatures', '--json'], { cwd: top }))
  if (refused) throw new Error(refused)
  if (told) console.error(told)
}

/**
 * @param {string} said what `npm audit signatures --json` printed
 * @returns {{ refused?: string, told?: string }} why nothing may be packed; or what a person should know all the same
 */
export function judged(said) {
  let answer
  try {
    answer = JSON.parse(said)
  } catch {
    return { told: 'The signatures of the packages were not checked: npm gave no answer that can be read.' }
  }
  const names = (list) => list.map(({ name, version }) => `${name}@${version}`).join(', ')
  if (answer.error) {
    const why = answer.error.summary || answer.error.code || 'the registry gave no keys'
    return { told: `The signatures of the packages were not checked: ${why}` }
  }
  if (answer.invalid?.length > 0) {
    return { refused: `The registry did not sign these packages as they are here: ${names(answer.invalid)}` }
  }
  if (answer.missing?.length > 0) return { told: `Packages without a signature: ${names(answer.missing)}` }
  return {}
}
