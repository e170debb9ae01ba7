import type { Accounts } from './accounts'
import type { Directory } from './directory'
import type { Lessons } from './lessons'
import type { Manner } from './options'
import type { Renderer } from './render'
import type { Tokens } from './token'
import type { UserServices } from './user-services'

/** What every route works on. */
export interface World {
  readonly directory: Directory
  readonly services: UserServices
  readonly accounts: Accounts
  readonly tokens: Tokens
  readonly render: Renderer
  readonly manner: Manner
  readonly random: () => number
  readonly lessons?: Lessons | undefined
}
