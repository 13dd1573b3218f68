# Runs when its definition has changed, which it does with each image, and is done when every container has exited with 0;
# otherwise the run of Terraform ends here, with what waits for this as it was.
resource "terraform_data" "run" {
  triggers_replace = [var.task.arn]

  lifecycle {
    precondition {
      condition     = var.task.memory <= var.cluster.memory
      error_message = "The task ${var.task.name} needs ${var.task.memory} MiB, and an instance of the cluster has ${var.cluster.memory} for all of its tasks."
    }
  }

  provisioner "local-exec" {
    command = join(" ", concat(
      ["python3", "'${path.module}/../../../ecs/run_task.py'"],
      ["--region", var.task.region, "--cluster", var.cluster.name, "--capacity-provider", var.cluster.capacity_provider],
      ["--task-definition", var.task.arn, "--log-group", var.task.log_group.name],
      var.network == null ? [] : concat(["--subnets"], var.network.subnet_ids, ["--security-groups"], var.network.security_group_ids),
    ))
  }

  depends_on = [var.after]
}
