/** The key that does the same as a button, shown on it. Not spoken: the list of keys tells it. */
export function KeyCap({ children }: { children: string | number }) {
  return (
    <span className="key-cap" aria-hidden="true">
      {children}
    </span>
  );
}
