"""What is deployed: the objects for Kubernetes, the configuration in them, and the image."""
