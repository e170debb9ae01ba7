import type { Account } from '../accounts'
import { FULL_POLICY, isAtLeast, Secret, sessionOf } from '../accounts'
import type { Call, Routes } from '../http/call'
import { required, text } from '../http/parameters'
import { refusals } from '../refusal'
import { checkPassword } from '../rules/passwords'

function signedIn(call: Call, account: Account, bare: boolean) {
  const { directory, tokens, manner } = call.world
  const token = tokens.issue(account.username)
  // Old releases answer with the token alone; the session is then asked for with GET /auth/session.
  return {
    json: bare && manner === 'awkward' ? { token } : { token, ...sessionOf(account, directory, manner) },
  }
}

/** Changes an account's own password after checking the old one. */
function changePassword(account: Account, oldPassword: string, newPassword: string): void {
  if (!account.secret.matches(oldPassword)) throw refusals.wrongPassword('PasswordModifyRequest')
  checkPassword(newPassword, account.username, account.secret)
  account.secret = new Secret(newPassword)
  account.passwordExpired = false
}

export const authRoutes: Routes = {
  'POST /auth/token': (call) =>
    signedIn(
      call,
      call.world.accounts.signIn(required(call.body, 'username'), required(call.body, 'password')),
      true,
    ),

  'PUT /auth/token': (call) => signedIn(call, call.account(), true),

  'GET /auth/session': (call) => ({
    json: sessionOf(call.account(), call.world.directory, call.world.manner),
  }),

  'POST /auth/token/logout': (call) => {
    const account = call.account()
    const token = text(call.body, 'token') ?? call.token()
    if (call.world.tokens.read(token) !== account.username) throw refusals.unauthorized('LogoutRequest')
    call.world.tokens.revoke(token)
    return { json: {} }
  },

  'POST /auth/switch-user': (call) => {
    if (!isAtLeast(call.account(), 'Provisioning')) throw refusals.unauthorized('LoginRequest')
    const username = required(call.body, 'username')
    const account = call.world.accounts.get(username)
    if (!account) throw refusals.userNotFound(username, 'LoginRequest')
    return signedIn(call, account, false)
  },

  /** For an expired password; carries no token because there is none yet. */
  'PUT /auth/token/password': (call) => {
    const account = call.world.accounts.get(required(call.body, 'userId'))
    const oldPassword = required(call.body, 'oldPassword')
    if (!account?.secret.matches(oldPassword)) throw refusals.wrongLogin()
    if (account.disabled) throw refusals.disabled()
    changePassword(account, oldPassword, required(call.body, 'newPassword'))
    return signedIn(call, account, false)
  },

  'PUT /auth/password': (call) => {
    const account = call.account()
    const named = text(call.body, 'userId')
    if (named !== undefined && named !== account.username)
      throw refusals.unauthorized('PasswordModifyRequest')
    changePassword(account, required(call.body, 'oldPassword'), required(call.body, 'newPassword'))
    return { json: [] }
  },

  'PUT /auth/passwords': (call) => {
    const account = call.account()
    if (required(call.body, 'userId') !== account.username) {
      throw refusals.unauthorized('PasswordModifyRequest')
    }
    changePassword(account, required(call.body, 'oldPassword'), required(call.body, 'newPassword'))
    return { json: [] }
  },

  'GET /ui/settings': () => ({ json: { sessionTimeout: 60, editCLID: false, title: 'Demo' } }),
  'GET /ui/modules': () => ({ json: [{ name: 'Provisioning', permissions: fullPermissions() }] }),
  'GET /ui/applications': () => ({ json: [] }),
  'GET /ui/resources': () => ({ json: [] }),
  'GET /ui/templates': () => ({ json: {} }),
  'GET /ui/email': () => ({ json: {} }),

  'GET /groups/policy': (call) => {
    const account = call.account()
    return {
      json: {
        serviceProviderId: call.query.get('serviceProviderId') ?? account.serviceProviderId ?? null,
        groupId: call.query.get('groupId') ?? account.groupId ?? null,
        callingPlanAccess: 'Full',
        extensionAccess: 'Full',
        ldapIntegrationAccess: 'None',
        voiceMessagingAccess: 'Full',
        departmentAdminUserAccess: 'Full',
        departmentAdminPhoneNumberExtensionAccess: 'Assign To Services and Users',
        ...FULL_POLICY,
        ...account.policy,
      },
    }
  },
}

const fullPermissions = () => ({ read: true, create: true, update: true, delete: true })
