import { contextBridge, ipcRenderer, webFrame } from 'electron'
import { bridgeOver } from './ipc/page'
import { restWithApp } from './shell/rest'

contextBridge.exposeInMainWorld('gungnir', bridgeOver(ipcRenderer))
restWithApp(ipcRenderer, webFrame)
