import { contextBridge, ipcRenderer } from 'electron'
import { bridgeOver } from './ipc/page'

contextBridge.exposeInMainWorld('gungnir', bridgeOver(ipcRenderer))
