"""What somebody is told, and when: a module for each category of KPI, and one for the prober."""
