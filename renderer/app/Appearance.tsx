import { SunMoon } from 'lucide-react'
import { Button, Header, Menu, MenuItem, MenuSection, MenuTrigger, Popover } from 'react-aria-components'
import { useStored } from '../kernel/settings'
import { setDensity, setTheme, themeNames, themes, useTheme } from '../kernel/theme'

/** Theme and row height, in the corner of the navigation. */
export function Appearance({ collapsed }: { collapsed: boolean }) {
  const theme = useTheme()
  const density = useStored('density') === 'comfortable' ? 'comfortable' : 'compact'
  return (
    <MenuTrigger>
      <Button className="button button-quiet" aria-label="Appearance">
        <SunMoon size={16} aria-hidden />
        {!collapsed && 'Appearance'}
      </Button>
      <Popover className="popover" placement="top start" offset={4}>
        <Menu className="menu" aria-label="Appearance">
          <MenuSection
            selectionMode="single"
            disallowEmptySelection
            selectedKeys={[theme]}
            onSelectionChange={(keys) => {
              const next = themes.find((each) => keys !== 'all' && keys.has(each))
              if (next) setTheme(next)
            }}
          >
            <Header className="menu-header">Theme</Header>
            {themes.map((each) => (
              <MenuItem key={each} id={each} className="menu-item">
                {themeNames[each]}
              </MenuItem>
            ))}
          </MenuSection>
          <MenuSection
            selectionMode="single"
            disallowEmptySelection
            selectedKeys={[density]}
            onSelectionChange={(keys) =>
              setDensity(keys !== 'all' && keys.has('comfortable') ? 'comfortable' : 'compact')
            }
          >
            <Header className="menu-header">Rows</Header>
            <MenuItem id="compact" className="menu-item">
              Compact
            </MenuItem>
            <MenuItem id="comfortable" className="menu-item">
              Comfortable
            </MenuItem>
          </MenuSection>
        </Menu>
      </Popover>
    </MenuTrigger>
  )
}
