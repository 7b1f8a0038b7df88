"""What crosses a boundary: labels, model cards, messages between functions, limits and problem documents."""
