/**
 * A call that the server refuses. `error` and `details` go into the body as they are. Texts whose wording no
 * public source shows carry the number 4999 and say "(demo text)".
 */
export class ServerRefusal extends Error {
  constructor(
    /** `refused` takes the status that the server was started with (400 unless told otherwise). */
    readonly status: number | 'refused',
    readonly error: string,
    readonly details = '',
    /** A key that the call lacks; `details` names it. */
    readonly missing = false,
  ) {
    super(error)
  }
}

const broadworks = (code: number, text: string, details: string, status: number | 'refused' = 'refused') =>
  new ServerRefusal(status, `[Error ${code}] ${text}`, details)

/** The refusals of BroadWorks, worded as section d.3 of the API notes has them. */
export const refusals = {
  unauthorized: (command: string) => broadworks(4003, `Unauthorized request: ${command}`, command, 403),
  userNotFound: (userId: string, command: string) =>
    broadworks(4008, `User not found: ${userId}`, command, 404),
  groupNotFound: (provider: string, group: string, command: string) =>
    broadworks(4152, `Group not found: ${provider}:${group}`, command, 404),
  state: (state: string, command: string) =>
    broadworks(4015, `State/Province is not valid: ${state}`, command),
  idTaken: (id: string, command: string) => broadworks(4200, `User already exists: ${id}`, command),
  numberNotAvailable: (number: string, command: string) =>
    broadworks(4201, `Phone number is not available for assignment: ${number}`, command),
  /** Two wordings are known, by release. */
  extensionTaken: (extension: string, newer: boolean, command: string) =>
    broadworks(
      4202,
      newer
        ? `The extension is not available. It is already assigned to a user: ${extension}.`
        : `Extension is already assigned to another user: ${extension}`,
      command,
    ),
  extensionLength: (group: string, min: number, max: number, command: string) =>
    broadworks(
      4909,
      `Invalid extension.  The extension length for this group ${group} is ${min} to ${max} digits long.`,
      command,
    ),
  extensionDigits: (extension: string, command: string) =>
    broadworks(
      4910,
      `Invalid extension.  The extension ${extension} can only contain characters 0-9.`,
      command,
    ),
  emergency: (extension: string, command: string) =>
    broadworks(
      4911,
      `Invalid extension.  The extension ${extension} cannot be an emergency number.`,
      command,
    ),
  callPark: (extension: string, command: string) =>
    broadworks(9495, `Extension is already assigned as a call park extension: ${extension}`, command),
  serviceNotAssigned: (service: string, command: string) =>
    broadworks(4410, `Service is not assigned to this subscriber: ${service}`, command),
  /** The number is known, the wording is not. */
  noVoiceMail: (userId: string, command: string) =>
    broadworks(5435, `No voice messaging for this user: ${userId} (demo text)`, command),
  deviceNotFound: (device: string, command: string) =>
    broadworks(4505, `Access Device not found: ${device}`, command),
  invalid: (details: string) => broadworks(6004, 'OCI XML Request validation error', details),
  wrongLogin: () => new ServerRefusal(401, '[Error 4962] Invalid userId or password.', 'LoginRequest'),
  disabled: () => new ServerRefusal(401, '[Error 5202] Account is disabled.', 'LoginRequest'),
  passwordExpired: () => new ServerRefusal(402, 'Password Expired', 'LoginRequest'),
  wrongPassword: (command: string) => broadworks(4962, 'Invalid password', command),
  /** `text` carries its own number. */
  moveBlocked: (text: string, command: string) => new ServerRefusal('refused', text, command),
  /** No public source shows the wording. */
  unworded: (text: string, command: string) => broadworks(4999, `${text} (demo text)`, command),
  token: (details: string) => new ServerRefusal(401, 'Unauthorized', details),
  missing: (key: string) => new ServerRefusal(400, `The ${key} field is required.`, key, true),
  malformed: (details: string) => new ServerRefusal(400, 'Malformed request', details),
  noRoute: (what: string) => new ServerRefusal(404, 'Not Found', what),
} as const
