import type { Directory } from '../directory'
import type { Person, PersonChanges } from '../person'
import { refusals } from '../refusal'

export interface Move {
  /** Why the user cannot move, worded as the server words its conditions. */
  readonly errors: readonly string[]
  /** What the move takes away. */
  readonly impacts: readonly string[]
  readonly changes: PersonChanges
}

/**
 * What moving a user to another group of the same enterprise would do. The codes 196xx (errors) and 197xx
 * (impacts) are known, their exact texts are not.
 */
export function evaluateMove(directory: Directory, person: Person, newGroupId: string): Move {
  const from = directory.groupAt(person.group)
  const to = directory.group(from.provider.id, newGroupId)
  if (!to) throw refusals.groupNotFound(from.provider.id, newGroupId, 'UserModifyGroupIdRequest')
  const errors: string[] = []
  const impacts: string[] = []
  const changes: { -readonly [K in keyof PersonChanges]: PersonChanges[K] } = { group: to.index }
  if (!from.provider.isEnterprise) {
    errors.push('[Error 19600] Users can only be moved within an enterprise. (demo text)')
  }
  if (to === from) errors.push('[Error 19601] The user is already in this group. (demo text)')
  else {
    const { extension } = person
    if (extension !== undefined) {
      const { min, max } = to.extensionLength
      if (extension.length < min || extension.length > max) {
        errors.push(`[Error 19605] Extension ${extension} does not fit the new group's length. (demo text)`)
      } else if (directory.extensionOwner(to, extension)) {
        errors.push(`[Error 19606] Extension ${extension} is in use in the new group. (demo text)`)
      }
    }
    if (person.phoneNumber !== undefined) {
      impacts.push(`[Error 19701] Phone number ${person.phoneNumber} will be unassigned. (demo text)`)
      changes.phoneNumber = undefined
    }
    if (person.department?.groupId !== undefined) {
      impacts.push(`[Error 19702] Department ${person.department.name} will be unassigned. (demo text)`)
      changes.department = undefined
    }
    if (person.endpoint.type !== 'none') {
      impacts.push('[Error 19703] The device or trunk group will be unassigned. (demo text)')
      changes.endpoint = { type: 'none' }
    }
    const [usual] = to.classesOfService
    if (usual !== undefined && !to.classesOfService.includes(person.networkClassOfService)) {
      impacts.push(`[Error 19704] Network Class of Service becomes ${usual}. (demo text)`)
      changes.networkClassOfService = usual
    }
  }
  return { errors, impacts, changes }
}
