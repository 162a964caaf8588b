import { Fragment } from 'react'
import { AnchoredMenu, MenuItem, MenuLine } from '../ui/menu.tsx'
import { actionsOf } from './message-actions.tsx'
import type { PopupProps } from './message-popup.tsx'

/** Everything that can be done with a message, with the keys that do it. */
export default function MessageMenu({ about, anchor, onAct, onClose }: PopupProps) {
  const shown = actionsOf(about)
  return (
    <AnchoredMenu anchor={anchor} onClose={onClose}>
      {shown.map((action, index) => (
        <Fragment key={action.name}>
          {index > 0 && shown[index - 1]?.group !== action.group && <MenuLine />}
          <MenuItem
            icon={action.icon}
            danger={action.isDanger ?? false}
            shortcut={action.shortcut}
            onClick={() => onAct(action)}
          >
            {action.label()}
          </MenuItem>
        </Fragment>
      ))}
    </AnchoredMenu>
  )
}
