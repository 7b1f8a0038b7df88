"""What the functions, the training, the local system and the stack have in common. Imports none of them."""
