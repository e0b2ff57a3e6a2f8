// Ant Design's select and auto-complete, with what their lists lack for who has no mouse or no eyes: a list that scrolls can be
// reached with Tab, and an input without an active option does not name one.
import { AutoComplete as AntAutoComplete, Select as AntSelect, type AutoCompleteProps, type SelectProps } from "antd";
import { type ReactElement, useEffect, useRef } from "react";

function List({ children }: { children: ReactElement }) {
  const frame = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const scroller = frame.current?.querySelector<HTMLElement>(".ant-select-dropdown-list-holder");
    if (scroller) scroller.tabIndex = 0;
    for (const input of document.querySelectorAll("[aria-activedescendant$=_list_-1]")) {
      input.removeAttribute("aria-activedescendant");
    }
  });
  return <div ref={frame}>{children}</div>;
}

const list = (menu: ReactElement) => <List>{menu}</List>;

export function Select<V>(props: SelectProps<V>) {
  return <AntSelect<V> popupRender={list} {...props} />;
}

export function AutoComplete(props: AutoCompleteProps<string>) {
  return <AntAutoComplete<string> popupRender={list} {...props} />;
}
