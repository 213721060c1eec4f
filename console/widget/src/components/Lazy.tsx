import { Component, type ComponentChildren } from "preact";
import type { Chat } from "../chat";
import type { More } from "../more-loader";

interface LazyProps {
  chat: Chat;
  show: (more: More) => ComponentChildren;
  /** What is shown while the second script is on its way, and where it cannot be had. */
  children: ComponentChildren;
}

export class Lazy extends Component<LazyProps> {
  override componentDidMount(): void {
    const settled = () => this.forceUpdate();
    this.props.chat.session.more.load().then(settled, settled);
  }

  override render({ chat, show, children }: LazyProps) {
    const more = chat.session.more.loaded;
    return more ? show(more) : children;
  }
}
