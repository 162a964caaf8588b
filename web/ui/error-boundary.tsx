import { Component } from 'react'
import type { ReactNode } from 'react'

type Props = { renderFallback: (tryAgain: () => void) => ReactNode; children: ReactNode }

/** Keeps what breaks inside from taking down what is outside. React itself reports the error. */
export class ErrorBoundary extends Component<Props, { broken: boolean }> {
  override state = { broken: false }

  static getDerivedStateFromError(): { broken: boolean } {
    return { broken: true }
  }

  override render(): ReactNode {
    const tryAgain = () => this.setState({ broken: false })
    return this.state.broken ? this.props.renderFallback(tryAgain) : this.props.children
  }
}
