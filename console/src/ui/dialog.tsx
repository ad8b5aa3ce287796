// A modal dialog: the browser's own, which keeps the focus inside and gives it back at the end.
import { signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { Toasts } from './toast';

interface Props {
  title: string;
  onClose: () => void;
  children: ComponentChildren;
}

/** Whether one is open: then all outside it is out of reach, and it shows the toasts itself. */
export const modal = signal(false);

export function Dialog({ title, onClose, children }: Props) {
  const box = useRef<HTMLDialogElement>(null);
  const pressed = useRef<EventTarget | null>(null);
  useEffect(() => {
    const before = document.activeElement;
    const node = box.current!;
    node.showModal();
    modal.value = true;
    // It belongs to the page it was opened on.
    addEventListener('hashchange', onClose);
    return () => {
      removeEventListener('hashchange', onClose);
      modal.value = false;
      // While it is open nothing else can have the focus.
      node.close();
      // What had it may be gone, and with it its place in the page.
      const back = before?.isConnected ? before : document.getElementById('main');
      if (back instanceof HTMLElement) back.focus();
    };
  }, []);
  return (
    <dialog
      ref={box}
      aria-label={title}
      onCancel={(e) => {
        e.preventDefault();
        onClose();
      }}
      onPointerDown={(e) => {
        pressed.current = e.target;
      }}
      onClick={(e) => {
        // On the backdrop, which is the dialog's own box; not at the end of a selection begun
        // within.
        if (e.target === box.current && pressed.current === box.current) onClose();
      }}
    >
      <div class="dialog-body">
        <h2>{title}</h2>
        {children}
      </div>
      <Toasts />
    </dialog>
  );
}
