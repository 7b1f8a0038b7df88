"""From labelled street photos to weights: data, augmentation, loss, metrics, training, evaluation. Never needed to serve."""
