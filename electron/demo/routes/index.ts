import type { Routes } from '../http/call'
import { authRoutes } from './auth'
import { deviceRoutes } from './devices'
import { hierarchyRoutes } from './hierarchy'
import { instanceRoutes } from './instances'
import { lookupRoutes } from './lookups'
import { numberRoutes } from './numbers'
import { serviceRoutes } from './services'
import { serviceTogetherRoutes } from './services-together'
import { userReadRoutes } from './users-read'
import { userWriteRoutes } from './users-write'

/** Everything that the demo server answers, by `METHOD /path` below the base. */
export const routes: Routes = {
  ...authRoutes,
  ...hierarchyRoutes,
  ...lookupRoutes,
  ...numberRoutes,
  ...instanceRoutes,
  ...deviceRoutes,
  ...serviceRoutes,
  ...serviceTogetherRoutes,
  ...userReadRoutes,
  ...userWriteRoutes,
}
