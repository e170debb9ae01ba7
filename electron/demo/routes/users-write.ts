import { type Account, changesUser } from '../accounts'
import type { Body, Call, Routes } from '../http/call'
import { required, text } from '../http/parameters'
import type { Person } from '../person'
import { refusals } from '../refusal'
import { checkSipUri } from '../rules/fields'
import { evaluateMove } from '../rules/move'
import { checkPasscode, checkPassword } from '../rules/passwords'
import { checkAllowed, checkAlternates, checkIdFree, checkUserChanges } from '../rules/user-changes'

/** The user that a body names, if the account may change it. */
export function target(call: Call, account: Account, body: Body, command: string): Person {
  const { directory } = call.world
  const userId = required(body, 'userId')
  const index = directory.find(userId)
  if (index === undefined) throw refusals.userNotFound(userId, command)
  const person = directory.person(index)
  const group = directory.groupAt(person.group)
  if (!changesUser(account, person, group)) throw refusals.unauthorized(command)
  return person
}

/**
 * Ids that do not name the user's place are a client's mistake. What the real server does with them is not
 * known; the plain manner says so to expose the mistake, the awkward one ignores it (question h-5).
 */
function checkPlace(call: Call, body: Body, person: Person): void {
  if (call.world.manner === 'awkward') return
  const group = call.world.directory.groupAt(person.group)
  const provider = text(body, 'serviceProviderId') ?? group.provider.id
  const id = text(body, 'groupId') ?? group.groupId
  if (provider === group.provider.id && id === group.groupId) return
  if (!call.world.directory.group(provider, id)) {
    throw refusals.groupNotFound(provider, id, 'UserModifyRequest22')
  }
  throw refusals.userNotFound(person.userId, 'UserModifyRequest22')
}

/** One PUT /users: checks everything, then changes everything. */
function modify(call: Call, account: Account, body: Body): Person {
  const { directory, manner, accounts } = call.world
  const person = target(call, account, body, 'UserModifyRequest22')
  checkPlace(call, body, person)
  call.world.lessons?.beforeWrite(person)
  const changes = checkUserChanges(directory, person, body, manner)
  checkAllowed(account, person, changes)
  const password = text(body, 'newPassword')
  if (password) checkPassword(password, person.userId, accounts.get(person.userId)?.secret)
  directory.change(person.index, changes)
  if (password) accounts.setUserPassword(person.index, password)
  return directory.person(person.index)
}

const answerWith = (call: Call, person: Person) => {
  const json = call.world.render.detail(person, {
    written: true,
    forUser: call.account().loginType === 'User',
  })
  return { json: call.world.manner === 'awkward' ? [json] : json }
}

export const userWriteRoutes: Routes = {
  'PUT /users': (call) => answerWith(call, modify(call, call.account(), call.body)),

  /** In order; the first refusal ends it and what was changed before stays changed (question h-7). */
  'PUT /users/bulk': (call) => {
    const account = call.account()
    const { users, data } = call.body
    if (!Array.isArray(users)) throw refusals.missing('users')
    if (typeof data !== 'object' || data === null || Array.isArray(data)) throw refusals.missing('data')
    for (const user of users as readonly unknown[]) {
      if (typeof user !== 'object' || user === null) throw refusals.missing('userId')
      const userId = required(user as Body, 'userId')
      const { serviceProviderId: _, groupId: __, ...changes } = data as Body
      modify(call, account, { ...changes, userId })
    }
    return { json: { users, data } }
  },

  'DELETE /users': (call) => {
    const account = call.account()
    const userId = call.query.get('userId') ?? text(call.body, 'userId')
    if (!userId) throw refusals.missing('userId')
    const person = target(call, account, { userId }, 'UserDeleteRequest')
    if (account.loginType === 'User') throw refusals.unauthorized('UserDeleteRequest')
    call.world.directory.remove(person.index)
    return { json: [] }
  },

  'PUT /users/alternate-user-id': (call) => {
    const command = 'UserAlternateUserIdModifyRequest'
    const account = call.account()
    const { directory, manner } = call.world
    const person = target(call, account, call.body, command)
    if (account.loginType === 'User' || account.loginType === 'Group Department') {
      throw refusals.unauthorized(command)
    }
    if (!Object.hasOwn(call.body, 'users')) throw refusals.missing('users')
    const alternateUserId = checkAlternates(directory, person.index, call.body.users, 'userId')
    directory.change(person.index, { alternateUserId })
    const users = alternateUserId.map(({ alternateUserId: userId, description }) => ({
      userId,
      ...(description === undefined ? {} : { description }),
    }))
    const [only] = users
    return {
      json: { userId: person.userId, users: manner === 'awkward' && users.length === 1 ? only : users },
    }
  },

  'PUT /users/user-id': (call) => {
    const command = 'UserModifyUserIdRequest'
    const account = call.account()
    const { directory } = call.world
    const person = target(call, account, call.body, command)
    if (account.loginType === 'User' || account.loginType === 'Group Department') {
      throw refusals.unauthorized(command)
    }
    const userId = checkSipUri(required(call.body, 'newUserId'), 'newUserId')
    const group = directory.groupAt(person.group)
    const domain = userId.slice(userId.indexOf('@') + 1).toLowerCase()
    if (![group.domain, group.provider.domain].includes(domain)) {
      throw refusals.unworded(`Domain is not assigned to the group: ${domain}`, command)
    }
    checkIdFree(directory, person.index, userId, command)
    directory.change(person.index, { userId })
    return { json: [] }
  },

  'PUT /users/group-id': (call) => {
    const command = 'UserModifyGroupIdRequest'
    const account = call.account()
    const { directory, render } = call.world
    const person = target(call, account, call.body, command)
    if (
      account.loginType !== 'Service Provider' &&
      account.loginType !== 'System' &&
      account.loginType !== 'Provisioning'
    ) {
      throw refusals.unauthorized(command)
    }
    const newGroupId = required(call.body, 'newGroupId')
    const move = evaluateMove(directory, person, newGroupId)
    if (String(call.body.evaluateOnly) === 'true') {
      return { json: { error: move.errors, impact: move.impacts } }
    }
    const [first] = move.errors
    if (first !== undefined) throw refusals.moveBlocked(first, command)
    directory.change(person.index, move.changes)
    // The documents show a bare object here even where PUT /users wraps its answer.
    return { json: render.detail(directory.person(person.index), { written: true }) }
  },

  'PUT /users/passwords': (call) => {
    const command = 'UserModifyRequest22'
    const account = call.account()
    const { accounts } = call.world
    const person = target(call, account, call.body, command)
    const known = accounts.get(person.userId)
    const password = text(call.body, 'newPassword') ?? required(call.body, 'password')
    if (account.loginType === 'User') {
      const old = required(call.body, 'oldPassword')
      if (!known?.secret.matches(old)) throw refusals.wrongPassword(command)
    }
    checkPassword(password, person.userId, known?.secret)
    accounts.setUserPassword(person.index, password)
    return { json: [] }
  },

  'PUT /users/portal-passcode': (call) => {
    const person = target(call, call.account(), call.body, 'UserPortalPasscodeModifyRequest')
    const passcode = required(call.body, 'newPasscode')
    checkPasscode(passcode, [person.extension, person.phoneNumber?.replace(/^.*-/, '')])
    return { json: [] }
  },
}
